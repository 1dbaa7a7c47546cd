package courier;

import jakarta.xml.soap.SOAPConstants;
import jakarta.xml.soap.SOAPException;
import jakarta.xml.soap.SOAPFactory;
import jakarta.xml.ws.soap.SOAPFaultException;
import javax.xml.namespace.QName;

/** Faults by their code alone. */
final class Faults {
    private Faults() {}

    static RuntimeException client(String text) {
        try {
            return new SOAPFaultException(SOAPFactory.newInstance()
                .createFault(text, new QName(SOAPConstants.URI_NS_SOAP_1_1_ENVELOPE, "Client.Input")));
        } catch (SOAPException unexpected) {
            return new IllegalStateException(unexpected);
        }
    }
}
