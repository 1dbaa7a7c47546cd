package office;

import jakarta.xml.ws.WebFault;

/** The fault of the contract. */
@WebFault(name = "noSuchOffice", targetNamespace = Office.NS)
public class NoSuchOffice extends Exception {
    private final Messages.NoOffice info;

    public NoSuchOffice(String message, Messages.NoOffice info) {
        super(message);
        this.info = info;
    }

    public Messages.NoOffice getFaultInfo() { return info; }
}
