mod contracts;
mod corpus;
mod features;
