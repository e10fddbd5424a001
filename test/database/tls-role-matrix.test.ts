import { RdsStack } from "./rds-stack";
import { testRoleMatrix } from "./role-matrix";

// The master owns template1 on RDS, so that nothing keeps it out.
testRoleMatrix({
  start: () => RdsStack.started("tls-matrix"),
  superuser: "rdsadmin",
  connections: `
                    beppp  migration_user  api_user  panel_readonly
  hub               yes    yes             yes       yes
  postgres          yes    no              no        no
  template1         yes    no              no        no
  rdsadmin          no     no              no        no
`,
});
