"""XML Schema as this judge reads it, and the validators that decide."""
