"""The Solara app: five pages over the same loader, experiments and result tables as the command line."""
