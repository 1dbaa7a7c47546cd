package courier;

import jakarta.xml.bind.annotation.XmlAccessType;
import jakarta.xml.bind.annotation.XmlAccessorType;
import jakarta.xml.ws.WebFault;
import java.util.List;

/** A declared fault with a detail of its own. */
@WebFault(name = "unknownParcel", targetNamespace = Names.NS)
public class UnknownParcel extends Exception {
    private final Info info;

    public UnknownParcel(String message, Info info) {
        super(message);
        this.info = info;
    }

    public Info getFaultInfo() { return info; }

    /** The detail. */
    @XmlAccessorType(XmlAccessType.FIELD)
    public static class Info {
        public String number;
        public List<String> similar;
    }
}
