"""Deeds: what was viewed, opened, copied, shared and sent, for which account, deal and stage."""
