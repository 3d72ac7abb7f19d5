"""Residents and institutions as Mesa agents. State lives in the world's tables; agents are how one speaks of a row."""
