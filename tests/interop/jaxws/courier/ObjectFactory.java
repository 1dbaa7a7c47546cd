package courier;

import jakarta.xml.bind.JAXBElement;
import jakarta.xml.bind.annotation.XmlElementDecl;
import jakarta.xml.bind.annotation.XmlRegistry;
import javax.xml.namespace.QName;

/** Global elements: the substitution group `step`. */
@XmlRegistry
public class ObjectFactory {
    @XmlElementDecl(namespace = Names.NS, name = "step")
    public JAXBElement<Parcel.Step> createStep(Parcel.Step value) {
        return new JAXBElement<>(new QName(Names.NS, "step"), Parcel.Step.class, value);
    }

    @XmlElementDecl(namespace = Names.NS, name = "flight", substitutionHeadNamespace = Names.NS,
        substitutionHeadName = "step")
    public JAXBElement<Parcel.Flight> createFlight(Parcel.Flight value) {
        return new JAXBElement<>(new QName(Names.NS, "flight"), Parcel.Flight.class, value);
    }

    @XmlElementDecl(namespace = Names.NS, name = "drive", substitutionHeadNamespace = Names.NS,
        substitutionHeadName = "step")
    public JAXBElement<Parcel.Step> createDrive(Parcel.Step value) {
        return new JAXBElement<>(new QName(Names.NS, "drive"), Parcel.Step.class, value);
    }
}
