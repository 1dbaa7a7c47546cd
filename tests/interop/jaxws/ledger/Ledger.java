package ledger;

import jakarta.jws.Oneway;
import jakarta.jws.WebParam;
import jakarta.jws.WebResult;
import jakarta.jws.WebService;
import jakarta.jws.soap.SOAPBinding;
import jakarta.xml.bind.annotation.XmlAccessType;
import jakarta.xml.bind.annotation.XmlAccessorType;
import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlSeeAlso;
import jakarta.xml.ws.Holder;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import money.Money;

/** rpc/literal: each parameter is a part with a type, its element without a namespace. */
@WebService(targetNamespace = Ledger.NS)
@SOAPBinding(style = SOAPBinding.Style.RPC)
public interface Ledger {
    String NS = "urn:figleaf:interop:ledger";

    @WebResult(name = "entry", partName = "entry")
    Entry getEntry(@WebParam(name = "account", partName = "account") String account,
        @WebParam(name = "number", partName = "number") long number) throws NoSuchAccount;

    /** What came is what goes back. */
    @WebResult(name = "entries", partName = "entries")
    Entries checkEntries(@WebParam(name = "entries", partName = "entries") Entries entries);

    /** An array as a part: JAXB has a type for it in a namespace of its own. */
    @WebResult(name = "names", partName = "names")
    String[] reverseNames(@WebParam(name = "names", partName = "names") String[] names);

    /** Three results, one of them an input as well. */
    @WebResult(name = "whole", partName = "whole")
    int splitPrice(@WebParam(name = "price", partName = "price") BigDecimal price,
        @WebParam(name = "currency", partName = "currency", mode = WebParam.Mode.INOUT) Holder<String> currency,
        @WebParam(name = "rest", partName = "rest", mode = WebParam.Mode.OUT) Holder<Money> rest);

    void closeAccount(@WebParam(name = "account", partName = "account") String account) throws NoSuchAccount;

    @Oneway
    void keepNote(@WebParam(name = "note", partName = "note") String note);

    /** A base type. */
    @XmlAccessorType(XmlAccessType.FIELD)
    @XmlSeeAlso(Transfer.class)
    class Entry {
        @XmlAttribute(required = true)
        public long number;
        @XmlElement(required = true)
        public Money sum;
        @XmlElement(nillable = true)
        public String remark;
        public List<String> label = new ArrayList<>();
    }

    /** A derived one. */
    @XmlAccessorType(XmlAccessType.FIELD)
    class Transfer extends Entry {
        @XmlElement(required = true)
        public String to;
    }

    /** A list. */
    @XmlAccessorType(XmlAccessType.FIELD)
    class Entries {
        public List<Entry> entry = new ArrayList<>();
    }
}
