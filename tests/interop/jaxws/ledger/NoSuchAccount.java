package ledger;

import jakarta.xml.ws.WebFault;

/** A declared fault whose detail is one text. */
@WebFault(name = "noSuchAccount", targetNamespace = Ledger.NS)
public class NoSuchAccount extends Exception {
    private final String account;

    public NoSuchAccount(String message, String account) {
        super(message);
        this.account = account;
    }

    public String getFaultInfo() { return account; }
}
