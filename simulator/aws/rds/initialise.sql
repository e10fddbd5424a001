-- What RDS makes before it hands a database over. Run once, as rdsadmin over the socket.
-- Variables: master, database, password.

-- rds_superuser has no more rights than these roles bring: it is a role, not a superuser. The rights to read
-- and write all data, which some engine versions add, are left out: what works without them works with them.
CREATE ROLE rds_password;
CREATE ROLE rds_replication;
CREATE ROLE rds_iam;
CREATE ROLE rds_superuser;
GRANT pg_monitor, pg_signal_backend, pg_checkpoint, pg_use_reserved_connections, pg_create_subscription,
  pg_maintain, rds_password, rds_replication TO rds_superuser WITH ADMIN TRUE;

CREATE ROLE :"master" LOGIN CREATEDB CREATEROLE VALID UNTIL 'infinity' PASSWORD :'password';
GRANT rds_superuser TO :"master" WITH ADMIN TRUE;

-- As on RDS the master owns the maintenance database and the template, and everybody may connect to both.
ALTER DATABASE postgres OWNER TO :"master";
ALTER DATABASE template1 OWNER TO :"master";
CREATE DATABASE rdsadmin;
REVOKE ALL ON DATABASE rdsadmin FROM PUBLIC;

SELECT format('CREATE DATABASE %I OWNER %I', :'database', :'master')
WHERE :'database' NOT IN ('', 'postgres', 'template1') \gexec
