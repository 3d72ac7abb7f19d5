"""The scenario language: reading, checking and composing what a user wrote."""
