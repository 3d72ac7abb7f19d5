"""What every room needs and nothing more: errors, lazy text, calendar. Imports nothing of ours."""
