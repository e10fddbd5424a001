"""The readiness checks: a deployed Battery Hub is used the way its users do."""
