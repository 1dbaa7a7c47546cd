package courier;

/** The namespaces of the contracts. */
final class Names {
    static final String NS = "urn:figleaf:interop:courier";
    /** Of the services themselves: other than that of the interfaces, so that the contract is split. */
    static final String SERVICES = "urn:figleaf:interop:courier:services";

    private Names() {}
}
