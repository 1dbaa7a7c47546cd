package office;

import jakarta.jws.WebService;
import jakarta.xml.bind.JAXBElement;
import jakarta.xml.ws.BindingType;
import jakarta.xml.ws.Holder;
import jakarta.xml.ws.soap.SOAPBinding;
import java.util.stream.Collectors;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.datatype.XMLGregorianCalendar;
import office.Messages.Close;
import office.Messages.Key;
import office.Messages.Numbers;
import office.Messages.Open;
import office.Messages.Opened;
import office.Messages.Route;
import org.w3c.dom.Element;

/** SOAP 1.2 beside the courier's SOAP 1.1; the contract is office.wsdl. */
@WebService(endpointInterface = "office.Office", targetNamespace = Office.NS,
    serviceName = "OfficeService", portName = "OfficePort", wsdlLocation = "office/office.wsdl")
@BindingType(SOAPBinding.SOAP12HTTP_BINDING)
public class OfficeService implements Office {
    public Opened openOffice(Open open) throws NoSuchOffice {
        if (open.floor != null && open.floor < 0) {
            Messages.NoOffice info = new Messages.NoOffice();
            info.code = open.floor;
            info.city = open.city;
            throw new NoSuchOffice("no such office", info);
        }
        Opened opened = new Opened();
        opened.told = open.city + "/" + open.floor + "/" + open.id + "/" + open.level + "/"
            + open.extras.stream().map(e -> ((Element) e).getLocalName()).collect(Collectors.joining(","));
        opened.extras.addAll(open.extras);
        return opened;
    }

    public String greet(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("nobody to greet");
        }
        return "Hello, " + name;
    }

    public long addNumbers(Numbers numbers) {
        return numbers.items.stream().mapToLong(Integer::longValue).sum();
    }

    public String closeOffice(Close close, Key key) {
        return told(close.reason) + "/" + close.days + "/" + (key == null ? null : key.id + "=" + key.secret);
    }

    private static String told(JAXBElement<String> text) {
        return text == null ? "absent" : text.isNil() ? "nil" : "'" + text.getValue() + "'";
    }

    public Route planRoute(Route route) {
        return route;
    }

    public String stampOffice(String asked, Holder<XMLGregorianCalendar> stamp) {
        stamp.value = DatatypeFactory.newDefaultInstance().newXMLGregorianCalendar("2024-02-29T12:00:00Z");
        return asked;
    }
}
