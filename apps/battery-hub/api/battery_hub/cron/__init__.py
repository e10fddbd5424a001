"""The cron service: scheduled jobs, as api_user."""
