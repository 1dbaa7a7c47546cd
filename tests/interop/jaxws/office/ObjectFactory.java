package office;

import jakarta.xml.bind.JAXBElement;
import jakarta.xml.bind.annotation.XmlElementDecl;
import jakarta.xml.bind.annotation.XmlRegistry;
import javax.xml.namespace.QName;
import office.Messages.Close;
import office.Messages.Flight;
import office.Messages.Step;

/** The elements of office.xsd that a member refers to. */
@XmlRegistry
public class ObjectFactory {
    @XmlElementDecl(namespace = Office.NS, name = "step")
    public JAXBElement<Step> createStep(Step value) {
        return element("step", Step.class, value);
    }

    @XmlElementDecl(namespace = Office.NS, name = "drive", substitutionHeadNamespace = Office.NS,
        substitutionHeadName = "step")
    public JAXBElement<Step> createDrive(Step value) {
        return element("drive", Step.class, value);
    }

    @XmlElementDecl(namespace = Office.NS, name = "flight", substitutionHeadNamespace = Office.NS,
        substitutionHeadName = "step")
    public JAXBElement<Flight> createFlight(Flight value) {
        return element("flight", Flight.class, value);
    }

    @XmlElementDecl(namespace = Office.NS, name = "remark")
    public JAXBElement<String> createRemark(String value) {
        return element("remark", String.class, value);
    }

    @XmlElementDecl(namespace = Office.NS, name = "reason", scope = Close.class)
    public JAXBElement<String> createCloseReason(String value) {
        return new JAXBElement<>(new QName(Office.NS, "reason"), String.class, Close.class, value);
    }

    private static <T> JAXBElement<T> element(String name, Class<T> type, T value) {
        return new JAXBElement<>(new QName(Office.NS, name), type, value);
    }
}
