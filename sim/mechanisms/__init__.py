"""What happens in a month, one short file a mechanism. None imports another or can see a reform, a scenario or
a date.
"""
