package office;

import jakarta.jws.WebParam;
import jakarta.jws.WebResult;
import jakarta.jws.WebService;
import jakarta.jws.soap.SOAPBinding;
import jakarta.xml.bind.annotation.XmlSeeAlso;
import jakarta.xml.ws.Holder;
import javax.xml.datatype.XMLGregorianCalendar;
import office.Messages.Close;
import office.Messages.Key;
import office.Messages.Numbers;
import office.Messages.Open;
import office.Messages.Opened;
import office.Messages.Route;

/** Document/literal bare: the message is the element itself. */
@WebService(targetNamespace = Office.NS)
@SOAPBinding(parameterStyle = SOAPBinding.ParameterStyle.BARE)
@XmlSeeAlso(ObjectFactory.class)
public interface Office {
    String NS = "urn:figleaf:interop:office";

    @WebResult(name = "opened", targetNamespace = NS, partName = "body")
    Opened openOffice(@WebParam(name = "open", targetNamespace = NS, partName = "body") Open open)
        throws NoSuchOffice;

    @WebResult(name = "greeting", targetNamespace = NS, partName = "body")
    String greet(@WebParam(name = "name", targetNamespace = NS, partName = "body") String name);

    @WebResult(name = "sum", targetNamespace = NS, partName = "body")
    long addNumbers(@WebParam(name = "numbers", targetNamespace = NS, partName = "body") Numbers numbers);

    @WebResult(name = "closed", targetNamespace = NS, partName = "body")
    String closeOffice(@WebParam(name = "close", targetNamespace = NS, partName = "body") Close close,
        @WebParam(name = "key", targetNamespace = NS, partName = "key", header = true) Key key);

    @WebResult(name = "planned", targetNamespace = NS, partName = "body")
    Route planRoute(@WebParam(name = "route", targetNamespace = NS, partName = "body") Route route);

    /** Half of the answer is a header. */
    @WebResult(name = "stamped", targetNamespace = NS, partName = "body")
    String stampOffice(@WebParam(name = "asked", targetNamespace = NS, partName = "body") String asked,
        @WebParam(name = "stamp", targetNamespace = NS, partName = "stamp", header = true,
            mode = WebParam.Mode.OUT) Holder<XMLGregorianCalendar> stamp);
}
