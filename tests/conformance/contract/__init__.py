"""The contract as this judge reads it: files, WSDL 1.1, schema documents."""
