-- Roles for test.sh, with the rights that berth gives on a server. Passwords are those of .env.example.
CREATE ROLE migration_user LOGIN PASSWORD 'example-only-replace-me-migration';
CREATE ROLE api_user LOGIN PASSWORD 'example-only-replace-me-api';
CREATE ROLE panel_readonly LOGIN PASSWORD 'example-only-replace-me-panel';
GRANT CONNECT ON DATABASE beppp TO migration_user, api_user, panel_readonly;
GRANT CREATE, USAGE ON SCHEMA public TO migration_user;
GRANT USAGE ON SCHEMA public TO api_user, panel_readonly;
ALTER DEFAULT PRIVILEGES FOR ROLE migration_user IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO api_user;
ALTER DEFAULT PRIVILEGES FOR ROLE migration_user IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO api_user;
ALTER DEFAULT PRIVILEGES FOR ROLE migration_user IN SCHEMA public
  GRANT SELECT ON TABLES TO panel_readonly;
