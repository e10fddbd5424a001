"""Battery Hub: live data, error history and notifications of batteries."""
