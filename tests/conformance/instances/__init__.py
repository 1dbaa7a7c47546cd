"""Instances of the messages of a contract, made to be valid and to be hard."""
