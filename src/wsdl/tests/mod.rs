mod contracts;
mod corpus;
