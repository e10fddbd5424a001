-- Roles as the older script made them: no default privileges for the migration role's tables, none for api_user.
CREATE ROLE panel_readonly LOGIN PASSWORD 'older-panel';
GRANT CONNECT ON DATABASE beppp TO panel_readonly;
GRANT USAGE ON SCHEMA public TO panel_readonly;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO panel_readonly;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO panel_readonly;
CREATE ROLE api_user LOGIN PASSWORD 'older-api';
GRANT CONNECT ON DATABASE beppp TO api_user;
GRANT USAGE ON SCHEMA public TO api_user;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO api_user;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO api_user;
CREATE ROLE migration_user LOGIN PASSWORD 'older-migration';
GRANT ALL PRIVILEGES ON DATABASE beppp TO migration_user;
GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA public TO migration_user;

INSERT INTO users (username, email) SELECT 'user' || n, 'user' || n || '@example.org' FROM generate_series(1, 200) AS n;
INSERT INTO hubs (name) VALUES ('Berlin'), ('Köln'), ('quote '' and | bar');
INSERT INTO batteries (hub_id, name, secret_hash) SELECT 1 + n % 3, 'battery ' || n, md5(n::text) FROM generate_series(1, 300) AS n;
INSERT INTO livedata (battery_id, recorded_at, state_of_charge, voltage, current, temperature, err)
SELECT 1 + n % 300, '2026-01-01'::timestamptz + n * interval '7 s', random() * 100, 48 + random() * 4, random(), 20 + random(),
  CASE n % 50 WHEN 0 THEN 'TG' WHEN 1 THEN 'CBL' END
FROM generate_series(1, 20000) AS n;
-- An object of the migration role's own, as a later revision of the script's would have left it.
CREATE TABLE made_by_hand (id serial PRIMARY KEY, note text, picture bytea);
INSERT INTO made_by_hand (note, picture) VALUES ('tab	and
line', '\xdeadbeef'), (NULL, NULL);
ALTER TABLE made_by_hand OWNER TO migration_user;
