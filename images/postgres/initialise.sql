-- Runs once, as the superuser over the socket of a server that nobody else can reach.
-- Variables: admin, database, password (empty: the role cannot log in until it gets one).

CREATE ROLE berth_health LOGIN CONNECTION LIMIT 5;

-- No superuser, just as the master user of a managed database. An empty password counts as none.
CREATE ROLE :"admin" LOGIN CREATEDB CREATEROLE PASSWORD :'password';
GRANT pg_monitor TO :"admin";

SELECT :'database' <> 'postgres' AS is_extra \gset
\if :is_extra
CREATE DATABASE :"database" OWNER :"admin";
REVOKE ALL ON DATABASE postgres FROM PUBLIC;
\endif
REVOKE ALL ON DATABASE template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE postgres TO berth_health, :"admin";
