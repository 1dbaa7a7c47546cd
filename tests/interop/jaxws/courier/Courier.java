package courier;

import jakarta.jws.Oneway;
import jakarta.jws.WebMethod;
import jakarta.jws.WebParam;
import jakarta.jws.WebResult;
import jakarta.jws.WebService;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlSeeAlso;
import jakarta.xml.ws.Holder;
import java.math.BigDecimal;
import java.util.List;
import javax.xml.datatype.XMLGregorianCalendar;
import money.Money;
import money.Payment;

/** Document/literal wrapped, SOAP 1.1. */
@WebService(targetNamespace = Names.NS)
@XmlSeeAlso(ObjectFactory.class)
public interface Courier {
    @WebResult(name = "parcel")
    Parcel getParcel(@WebParam(name = "number") @XmlElement(required = true) String number)
        throws UnknownParcel;

    @WebResult(name = "parcel")
    List<Parcel> findParcels(@WebParam(name = "status") Parcel.Status status,
        @WebParam(name = "limit") Integer limit);

    /** `account` travels in the SOAP header. */
    @WebResult(name = "number")
    String sendParcel(@WebParam(name = "account", header = true, targetNamespace = Names.NS) String account,
        @WebParam(name = "parcel") @XmlElement(required = true) Parcel parcel);

    /** What came is what goes back. */
    @WebResult(name = "parcel")
    Parcel checkParcel(@WebParam(name = "parcel") @XmlElement(required = true) Parcel parcel);

    @WebResult(name = "payment")
    Payment pay(@WebParam(name = "payment") @XmlElement(required = true) Payment payment);

    @WebResult(name = "total")
    Money addPrices(@WebParam(name = "price") List<Money> prices);

    /** One input, one output, and one that is both. */
    @WebResult(name = "whole")
    int splitWeight(@WebParam(name = "weight") BigDecimal weight,
        @WebParam(name = "unit", mode = WebParam.Mode.INOUT) Holder<String> unit,
        @WebParam(name = "rest", mode = WebParam.Mode.OUT) Holder<BigDecimal> rest);

    @WebResult(name = "later")
    XMLGregorianCalendar addDays(@WebParam(name = "at") @XmlElement(required = true) XMLGregorianCalendar at,
        @WebParam(name = "days") int days);

    /** Absent, empty and present texts, each told apart. */
    @WebResult(name = "told")
    String tellTexts(@WebParam(name = "text") List<String> texts, @WebParam(name = "other") String other);

    @Oneway
    void keepNote(@WebParam(name = "note") String note);

    String readNote();

    /**
     * JAXB's own slip: it publishes the entries of a map as qualified elements, and writes and wants
     * them unqualified.
     */
    @WebResult(name = "events")
    Events countEvents(@WebParam(name = "number") String number);

    /** Nothing in, nothing out. */
    @WebMethod(operationName = "Ping")
    void ping();

    /** Faults that the contract does not declare. */
    void removeParcel(@WebParam(name = "number") String number);
}
