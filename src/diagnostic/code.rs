//! The one table of codes: what figleaf can have to say, and under which name.
//!
//! A code is never reused and never renamed. `docs/errors.md` is generated from this
//! table, and so are the problem descriptions of every OpenAPI document.

/// Who reads a code, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// `import` and `check`, about a WSDL or a schema.
    Contract,
    /// `check`, about a mapping file.
    Mapping,
    /// The command line itself.
    Command,
    /// A problem answer that the caller's request has earned.
    Request,
    /// A problem answer that the backend has earned.
    Backend,
    /// Recording, replaying and verifying, about the files of fixtures.
    Fixture,
    /// A deviation from the contract that was tolerated and counted.
    Violation,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $group:ident, $status:expr, $title:literal, $fix:literal;)*) => {
        /// A stable error code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $title] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as it is written everywhere: lower-case words with hyphens.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// Who reads it.
            #[must_use]
            pub const fn group(self) -> Group {
                match self { $(Self::$variant => Group::$group,)* }
            }

            /// The HTTP status of the problem, 0 where the code is never sent to a caller.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// What it means, in a line.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// What to do about it.
            #[must_use]
            pub const fn fix(self) -> &'static str {
                match self { $(Self::$variant => $fix,)* }
            }
        }
    };
}

// Columns: variant = code, group, HTTP status (0: never sent), title, what to do.
codes! {
    // ── contract ────────────────────────────────────────────────────────────────
    ContractUnreadable = "contract-unreadable", Contract, 0, "The contract cannot be read", "Check the path or the address, and that this machine may read it.";
    ContractNotXml = "contract-not-xml", Contract, 0, "The contract is not well-formed XML", "Open the file at the place named; a saved HTML error page is the usual cause.";
    ContractNotWsdl = "contract-not-wsdl", Contract, 0, "The document is not a WSDL 1.1 definitions", "Give the address that ends in ?wsdl, or the .wsdl file itself.";
    ContractWsdl2 = "contract-wsdl-2", Contract, 0, "WSDL 2.0 is not supported", "Ask the service for its WSDL 1.1; nearly every server publishes both.";
    ContractDtd = "contract-dtd", Contract, 0, "A document type declaration is refused", "Remove the DOCTYPE; neither WSDL nor SOAP needs one.";
    ContractLimit = "contract-limit", Contract, 0, "The contract exceeds a limit", "Split the contract, or raise the named limit.";
    ContractImportMissing = "contract-import-missing", Contract, 0, "An imported document cannot be found", "Put the file where the contract says, or give its folder with --catalog.";
    ContractReferenceMissing = "contract-reference-missing", Contract, 0, "A name is used that nothing defines", "Check the prefix and the spelling, or add the import that defines it.";
    ContractDuplicate = "contract-duplicate", Contract, 0, "Two different definitions have one name", "Keep one of them; the first is used.";
    ContractSchemaInvalid = "contract-schema-invalid", Contract, 0, "The schema says something XSD 1.0 does not allow", "Mend the schema at the place named.";
    ContractNoSoap = "contract-no-soap", Contract, 0, "No port has a SOAP binding over HTTP", "figleaf translates SOAP over HTTP; other bindings are passed over.";
    ContractTransport = "contract-transport", Contract, 0, "The binding's transport is not HTTP", "Use a port whose soap:binding names the HTTP transport.";
    ContractEncoded = "contract-encoded", Contract, 0, "The operation uses an encoding that is not SOAP's", "Use a port whose binding is literal or has the encoding of SOAP 1.1 or 1.2.";
    ContractPattern = "contract-exchange-pattern", Contract, 0, "A notification or solicit-response operation cannot be called", "Only request-response and one-way operations are served.";
    ContractPartType = "contract-part-type", Contract, 0, "A document-style message part names a type, not an element", "The body has no element name of its own; it is sent as its type's content.";
    ContractMime = "contract-mime", Contract, 0, "A MIME part of the binding is no part of the message", "Name a part of the message in `mime:content`; the rest is carried.";
    ContractOverload = "contract-overload", Contract, 0, "Two operations of one port type share a name", "Name the one meant by its input message.";
    LossMixed = "loss-mixed", Contract, 0, "Mixed content is carried as XML text", "The inner XML is one string member.";
    LossAny = "loss-any", Contract, 0, "A wildcard has no schema to follow", "Its XML is carried in a member of its own, as text, or as a tree with `any: tree`.";
    LossAnyType = "loss-any-type", Contract, 0, "anyType has no schema to follow", "A value with a known xsi:type is typed, any other is carried as XML text; `open:` gives it a schema, `any: tree` one shape.";
    LossSwaRef = "loss-swa-ref", Contract, 0, "A reference to an attachment is sent as it is in requests", "In answers it becomes the attachment; a request should carry the bytes in another member.";
    LossFaultDetail = "loss-fault-detail", Contract, 0, "The detail of a declared fault is not fully known", "What is unknown of the detail is carried as XML text; add the file that defines it to have it typed.";

    LossSqlType = "loss-sql-type", Contract, 0, "A column's type has no JSON form of its own", "It is carried as its text; change the cast in the statement where another form is better.";
    LossSqlKey = "loss-sql-key", Contract, 0, "Nothing tells the rows of a table apart", "Only its list is proposed; give it a key, or write the other routes by hand.";
    DatabaseObjectRefused = "database-object-refused", Contract, 0, "A table, view or routine of the database cannot be served", "See the reason named; a view with other columns or names often helps.";

    // ── mapping ─────────────────────────────────────────────────────────────────
    MappingUnreadable = "mapping-unreadable", Mapping, 0, "A mapping file cannot be read", "Check the path and its permissions.";
    MappingSyntax = "mapping-syntax", Mapping, 0, "The mapping is not valid YAML", "Mend the YAML at the place named.";
    MappingUnknownKey = "mapping-unknown-key", Mapping, 0, "A key is not known here", "Take the key suggested, or remove it.";
    MappingType = "mapping-type", Mapping, 0, "A value has the wrong type", "Write the value in the form named.";
    MappingMissing = "mapping-missing", Mapping, 0, "Something required is missing", "Add the key named.";
    MappingDuplicate = "mapping-duplicate", Mapping, 0, "Something is defined twice", "Keep one of the two.";
    MappingFormat = "mapping-format", Mapping, 0, "The mapping's format number is not known", "Write `figleaf: 1`.";
    MappingBackendUnknown = "mapping-backend-unknown", Mapping, 0, "A route names a backend that does not exist", "Take the name suggested, or define the backend.";
    MappingBackendKind = "mapping-backend-kind", Mapping, 0, "A backend is of the wrong kind for its use", "Use soap: with a SOAP backend, http: with an HTTP backend and sql: with a database.";
    MappingOperationUnknown = "mapping-operation-unknown", Mapping, 0, "The contract has no such operation", "Take the name suggested.";
    MappingOperationRefused = "mapping-operation-refused", Mapping, 0, "The operation cannot be served", "See the reason named, and `figleaf import` for the whole contract.";
    MappingPort = "mapping-port", Mapping, 0, "The contract leaves a choice of service or port", "Name `service:` and `port:` of the backend.";
    MappingPath = "mapping-path", Mapping, 0, "A route's method or path is malformed", "Write `METHOD /path/{parameter}`.";
    MappingCollision = "mapping-route-collision", Mapping, 0, "Two routes answer the same requests", "Change the method or the path of one of them.";
    MappingParameterUnbound = "mapping-parameter-unbound", Mapping, 0, "A path parameter feeds nothing", "Rename it to a member of the request, or bind it under `in:`.";
    MappingMemberUnknown = "mapping-member-unknown", Mapping, 0, "A member is not in the message", "Take the name suggested.";
    MappingMemberUnfed = "mapping-member-unfed", Mapping, 0, "A required member of the request is fed by nothing", "Bind it to one of the sources named.";
    MappingNameCollision = "mapping-name-collision", Mapping, 0, "Two things of a message get one JSON name", "Rename one of them with `@name` or `$value`.";
    MappingValue = "mapping-value", Mapping, 0, "A value is outside what is allowed here", "Use a value of the range named.";
    MappingVariable = "mapping-variable-missing", Mapping, 0, "A configuration value is missing from the environment", "Set the variable, or give a default with ${NAME:-default}.";
    MappingVersion = "mapping-version", Mapping, 0, "Versions of one API contradict each other", "Give each file its own `version:`, and `extends:` one that exists.";
    MappingNotYet = "mapping-not-yet", Mapping, 0, "A key is read and has no effect yet", "See the changelog for the version that brings it.";
    MappingContract = "mapping-contract", Mapping, 0, "The backend's contract has a problem", "Mend the contract or import it again.";
    MappingContractChanged = "mapping-contract-changed", Mapping, 0, "A vendored contract is not the one that was locked", "Import it again, so that the lock file and the files agree.";
    MappingOpen = "mapping-open", Mapping, 0, "A document declared under `open:` fits neither the contract nor its schema", "Name a member that can hold a document, and an element of the schema.";
    MappingSchema = "mapping-schema", Mapping, 0, "A schema that a mapping names cannot be used", "Check the path, and that the file is an XML Schema.";
    MappingReference = "mapping-reference", Mapping, 0, "A value refers to a step or part that cannot give it", "Refer to an earlier step, or to a part that does not need this one.";
    SqlSyntax = "sql-syntax", Mapping, 0, "A statement cannot be read", "Mend the statement at the place named.";
    SqlParameter = "sql-parameter", Mapping, 0, "A parameter of a statement is not fed as it should be", "Take the name suggested, or feed it under `in:`.";
    SqlColumn = "sql-column", Mapping, 0, "A column is not in the result of the statement", "Take the name suggested.";
    SqlResult = "sql-result", Mapping, 0, "A statement does not give what its route declares", "Change `result`, or the statement.";
    SqlType = "sql-type", Mapping, 0, "A type of the database cannot be carried like this", "Cast it in the statement, `::text`, or change the form under `out:`.";
    SqlPage = "sql-page", Mapping, 0, "A list cannot be cut into these pages", "Order by columns that are not null and unique together.";
    SqlWrite = "sql-write", Mapping, 0, "A route that reads has a statement that writes", "Use another method, or say `effect: write`.";
    SqlRefused = "sql-refused", Mapping, 0, "The database refuses a statement", "Mend the statement at the place named; the message is the database's.";
    SqlUndescribed = "sql-undescribed", Mapping, 0, "The types of a statement are not known", "Let the database be reached, or keep a figleaf.lock written by `figleaf check --db --lock`.";
    SqlLock = "sql-lock", Mapping, 0, "figleaf.lock does not agree with the database or the mappings", "Look at what changed, and run `figleaf check --db --lock`.";

    MappingStage = "mapping-stage", Mapping, 0, "A stage the route cannot be in", "Write a stage up to the ceiling; every stage but `legacy` needs a `candidate`.";
    MappingCandidate = "mapping-candidate", Mapping, 0, "A candidate cannot take its route's place", "See the reason named.";
    MappingCanary = "mapping-canary", Mapping, 0, "Nothing says whom a canary is to answer", "Write `canary: { key: [header.X-Tenant] }`; a read may say `waive: true`.";
    MappingSplit = "mapping-split-writes", Mapping, 0, "Writes of one thing would go to two systems", "Write `state: shared` if both see the same data, or `ceiling: shadow`.";
    MappingShadow = "mapping-shadow", Mapping, 0, "A write cannot be compared so", "Choose another way under `shadow: { writes: … }`.";
    MappingRule = "mapping-rule", Mapping, 0, "A rule of comparison cannot be used", "Mend the place or the rule named.";
    MappingRuleUnused = "mapping-rule-unused", Mapping, 0, "A rule of comparison fits nothing in the answer", "Check the place against the route's schema.";
    MappingCandidateLacks = "mapping-candidate-lacks", Mapping, 0, "The candidate's answer lacks members of the route's", "Add them to the candidate, or ignore them under `compare`.";

    // ── command ─────────────────────────────────────────────────────────────────
    CommandUsage = "command-usage", Command, 0, "The arguments cannot be used", "See --help of the command.";
    CommandPortTaken = "command-port-taken", Command, 0, "The port is taken", "Stop what listens there, or give another port.";
    CommandInput = "command-input", Command, 0, "The input cannot be used", "See the place named.";

    // ── request ─────────────────────────────────────────────────────────────────
    RequestMalformed = "request-malformed", Request, 400, "The request body is not valid JSON", "Send one JSON document in UTF-8, without duplicate keys.";
    RequestInvalid = "request-invalid", Request, 400, "The request does not match its schema", "Mend each place listed under `errors`.";
    RequestNotFound = "request-not-found", Request, 404, "No route has this path", "See /openapi.json for the routes.";
    RequestMethod = "request-method", Request, 405, "The path does not answer this method", "Use a method of the Allow header.";
    RequestUnauthenticated = "request-unauthenticated", Request, 401, "The caller is not known", "Send a valid token in Authorization: Bearer; the log says why this one is refused.";
    RequestNotAcceptable = "request-not-acceptable", Request, 406, "The answer exists only as JSON", "Accept application/json.";
    RequestTimeout = "request-timeout", Request, 408, "The request body did not arrive in time", "Send the body faster, or in one piece.";
    RequestTooLarge = "request-too-large", Request, 413, "The request body is too large", "Send less, or raise `limits.request`.";
    RequestUriTooLong = "request-uri-too-long", Request, 414, "The request's path and query are too long", "Move the data into the body.";
    RequestMediaType = "request-media-type", Request, 415, "The request body is not JSON", "Send Content-Type: application/json.";
    RequestOverload = "request-overload", Request, 503, "The facade is at its limit of requests in flight", "Try again after the time in Retry-After.";
    RequestInternal = "request-internal", Request, 500, "The facade itself failed", "Report it with the correlation id; the log has the cause.";
    PreconditionRequired = "precondition-required", Request, 428, "The request must say which version it changes", "Read the resource, and send its ETag as If-Match.";
    RowNotFound = "row-not-found", Request, 404, "No such resource", "Check the values of the path.";
    RowChanged = "row-changed", Request, 412, "The resource is not in the version the request names", "Read it again, and send its new ETag as If-Match.";
    ClaimMissing = "claim-missing", Request, 403, "The caller's token lacks a claim the route needs", "Use a token that has the claim named.";
    DatabaseValue = "database-value", Request, 400, "The database cannot take a value of the request", "Check ranges, formats and lengths against the schema; the log has the database's words under the correlation id.";
    DatabaseDuplicate = "database-duplicate", Request, 409, "It exists already", "Change the existing one, or choose other values.";
    DatabaseReference = "database-reference", Request, 422, "The request names something that does not exist", "Create it first, or name another.";
    DatabaseInUse = "database-in-use", Request, 409, "Others still refer to it", "Remove what refers to it first.";
    DatabaseConstraint = "database-constraint", Request, 422, "The values break a rule of the database", "Change the values; the log names the rule under the correlation id.";
    DatabaseDenied = "database-denied", Request, 403, "The database does not allow this", "Use credentials that may do it, or grant the privilege to the facade's role.";
    DatabaseRefused = "database-refused", Request, 422, "The database refuses the request", "The title and the status come from the mapping's `errors`.";
    DatabaseAffected = "database-affected", Request, 409, "The change would touch more rows than the route allows", "Nothing was changed; narrow the request, or raise `max_affected`.";
    FaultClient = "fault-client", Request, 400, "The backend says the request was wrong", "Mend the request; the log has the fault's text under the correlation id.";
    FaultDeclared = "fault-declared", Request, 422, "The backend answered with a fault of its contract", "See `fault` for its typed detail.";

    // ── backend ─────────────────────────────────────────────────────────────────
    FaultServer = "fault-server", Backend, 502, "The backend failed", "The log has the fault's text under the correlation id.";
    FaultProtocol = "fault-protocol", Backend, 502, "The backend refused the envelope", "The facade and the backend disagree on SOAP; check port, version and headers.";
    FaultSecurity = "fault-security", Backend, 502, "The backend refused the facade's credentials", "Check the `security` of the backend.";
    BackendRefused = "backend-refused", Backend, 503, "The backend cannot be reached", "Check its address and whether it runs.";
    BackendDns = "backend-dns", Backend, 503, "The backend's name cannot be resolved", "Check the host name in its address.";
    BackendTls = "backend-tls", Backend, 503, "No TLS connection to the backend could be made", "Check certificates and names.";
    BackendOpen = "backend-circuit-open", Backend, 503, "The backend has failed too often and is given a rest", "Try again after the time in Retry-After.";
    BackendBusy = "backend-busy", Backend, 503, "Too many calls to the backend are in flight", "Try again after the time in Retry-After.";
    BackendTimeout = "backend-timeout", Backend, 504, "The backend did not answer in time", "Reads may be tried again; whether a write took effect is unknown.";
    BackendReset = "backend-reset", Backend, 502, "The connection to the backend broke", "Reads may be tried again; whether a write took effect is unknown.";
    BackendTruncated = "backend-truncated", Backend, 502, "The backend's answer ends too early", "See the backend's log; something between cuts answers short.";
    BackendTooLarge = "backend-too-large", Backend, 502, "The backend's answer is too large", "Ask for less, or raise `limits.response`.";
    BackendNotSoap = "backend-not-soap", Backend, 502, "The backend's answer is not a SOAP envelope", "The address may be a login or an error page; see the log.";
    BackendNotXml = "backend-not-xml", Backend, 502, "The backend's answer is not well-formed XML", "See the log for the place.";
    BackendDtd = "backend-dtd", Backend, 502, "The backend's answer has a document type declaration", "SOAP forbids it; the answer is not read.";
    BackendLimit = "backend-limit", Backend, 502, "The backend's answer exceeds a limit of XML", "See which limit in the detail; it is a setting.";
    BackendEncoding = "backend-encoding", Backend, 502, "The backend's answer cannot be decoded as text or as its Content-Encoding says", "Check the charset and the content encoding it declares.";
    BackendOtherAnswer = "backend-other-answer", Backend, 502, "The backend answered another operation", "Check the SOAPAction and the address.";
    BackendInvalid = "backend-invalid", Backend, 502, "The backend's answer does not follow its contract", "See the log for the place; `strict: false` tolerates it.";
    BackendStatus = "backend-status", Backend, 502, "The backend answered with an HTTP error and no fault", "See the log for the status.";
    BackendRedirect = "backend-redirect", Backend, 502, "The backend answered with a redirect", "Set the address it redirects to; redirects are never followed.";
    BackendNotHttp = "backend-not-http", Backend, 502, "The backend's answer is not HTTP/1.1", "Check that the address, the port and http or https are right.";
    BackendMultipart = "backend-multipart", Backend, 502, "The parts of the backend's answer cannot be told apart", "See the log; the boundary or the encoding of a part is wrong.";
    DatabaseUnavailable = "database-unavailable", Backend, 503, "The database takes no calls", "Try again after the time in Retry-After; the log has the database's words.";
    DatabaseConflict = "database-conflict", Backend, 503, "Other transactions were in the way", "Try again after the time in Retry-After; nothing was changed.";
    DatabaseStatement = "database-statement", Backend, 500, "The route's statement does not fit its database", "Run `figleaf check --db`; the log has the database's words under the correlation id.";
    DatabaseRows = "database-rows", Backend, 500, "The database gave other rows than the route declares", "See the log for the column or the number of rows; mend `result`, `nest` or `nullable`.";
    DatabaseTooLarge = "database-too-large", Backend, 502, "The answer has more rows or bytes than the route allows", "Ask for less, add a page, or raise `max_rows`.";
    DatabaseFailed = "database-failed", Backend, 502, "The database failed", "The log has the database's words under the correlation id.";
    DatabaseLost = "database-lost", Backend, 503, "The connection to the database broke", "Reads may be tried again; whether a write took effect is unknown.";
    ReplayMiss = "replay-miss", Backend, 501, "No fixture answers this request", "See the nearest one and what differs; `figleaf fixtures explain` says which line to add.";
    BackendReference = "backend-reference", Backend, 502, "The backend's answer refers to itself without end", "JSON has no references; ask the service for an answer without cycles.";

    // ── fixture ──────────────────────────────────────────────────────────────────────────────
    FixtureUnreadable = "fixture-unreadable", Fixture, 0, "A file of a fixture cannot be read or written", "Check the path, its permissions and its size.";
    FixtureSyntax = "fixture-syntax", Fixture, 0, "The fixture is not valid YAML", "Mend the YAML at the place named.";
    FixtureUnknownKey = "fixture-unknown-key", Fixture, 0, "A key is not known here", "Take the key suggested, or remove it.";
    FixtureType = "fixture-type", Fixture, 0, "A value has the wrong type", "Write the value in the form named.";
    FixtureMissing = "fixture-missing", Fixture, 0, "Something a fixture needs is missing", "Add the key or the file named.";
    FixtureDuplicate = "fixture-duplicate", Fixture, 0, "A key is written twice", "Keep one of the two.";
    FixtureFormat = "fixture-format", Fixture, 0, "The fixture's format number is not known", "Write `fixture: 1`.";
    FixtureValue = "fixture-value", Fixture, 0, "A value is outside what is allowed here", "Use a value of the form named.";
    FixtureXml = "fixture-xml", Fixture, 0, "A message of a fixture cannot be read", "Mend the XML at the place named.";

    // ── violation ───────────────────────────────────────────────────────────────
    ViolationOccurs = "violation-occurs", Violation, 0, "An element came more often than the schema allows", "The first was taken.";
    ViolationOrder = "violation-order", Violation, 0, "An element came out of its order", "It was taken all the same.";
    ViolationUnknown = "violation-unknown-element", Violation, 0, "An element is not in the schema", "It was passed over.";
    ViolationNamespace = "violation-namespace", Violation, 0, "An element has another namespace than the schema says", "It was taken by its local name.";
    ViolationValue = "violation-value", Violation, 0, "A text is not a value of its type", "It became null.";
    ViolationEmpty = "violation-empty", Violation, 0, "An element of a type that has no empty value is empty", "It became null.";
    ViolationForm = "violation-form", Violation, 0, "A value is written otherwise than its type has it", "It was read as what it plainly says.";
    ViolationName = "violation-name", Violation, 0, "The answer or its result has another name than the contract says", "It was taken for the one that is due.";
    ViolationText = "violation-text", Violation, 0, "There is text where only elements are due", "It was passed over.";
    ViolationVersion = "violation-soap-version", Violation, 0, "The envelope is of another version of SOAP than the request", "It was read by its own version.";
    ViolationStatus = "violation-status", Violation, 0, "A result came with an HTTP status of failure", "The envelope was believed, not the status.";
    ViolationOutside = "violation-outside", Violation, 0, "Something stands before the XML declaration or behind the envelope", "It was passed over.";
    ViolationMissing = "violation-missing", Violation, 0, "A required element is missing", "Its member was left out.";
    ViolationNil = "violation-nil", Violation, 0, "An element that is not nillable is nil", "It became null.";
    ViolationType = "violation-type", Violation, 0, "An xsi:type is not a type of the contract", "The declared type was used.";
    ViolationOpened = "violation-opened", Violation, 0, "A member does not hold the document declared under `open:`", "It became null.";
    ViolationDiffgram = "violation-diffgram", Violation, 0, "A diffgram has original values or errors beside its rows", "The rows as they are now were taken.";
    ViolationItemName = "violation-item-name", Violation, 0, "An item has the name of its array and not its own", "It was taken as an item.";
    ViolationMustUnderstand = "violation-must-understand", Violation, 0, "A header block of the answer must be understood, and is not", "It was passed over.";
    ViolationHeaderValue = "violation-header-value", Violation, 0, "A value of the answer's Header cannot be an HTTP header", "The HTTP header was left out.";
    ViolationAttachmentMissing = "violation-attachment-missing", Violation, 0, "The answer refers to an attachment that it does not have", "What refers to it became null or an empty text; its member is left out.";
    ViolationAttachmentUnused = "violation-attachment-unused", Violation, 0, "Nothing in the answer refers to one of its attachments", "It was passed over.";
    ViolationReference = "violation-reference", Violation, 0, "A reference inside the answer leads nowhere", "It became null.";
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_speak_one_way() {
        let mut seen = std::collections::HashSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.as_str()), "{code} stands twice");
            assert!(code.as_str().bytes().all(|b| b == b'-' || b.is_ascii_alphanumeric()));
            assert!(code.fix().ends_with('.'), "{code}: the fix is a sentence");
            let sent = matches!(code.group(), Group::Request | Group::Backend);
            assert_eq!(code.status() != 0, sent, "{code}: a status if and only if it is sent");
        }
    }
}
