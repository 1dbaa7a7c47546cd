package courier;

import jakarta.xml.bind.JAXBElement;
import jakarta.xml.bind.annotation.XmlAccessType;
import jakarta.xml.bind.annotation.XmlAccessorType;
import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlElementRef;
import jakarta.xml.bind.annotation.XmlElementWrapper;
import jakarta.xml.bind.annotation.XmlElements;
import jakarta.xml.bind.annotation.XmlList;
import jakarta.xml.bind.annotation.XmlSchemaType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import javax.xml.datatype.Duration;
import javax.xml.datatype.XMLGregorianCalendar;
import money.Money;

/** One of each kind of member that JAXB makes. */
@XmlAccessorType(XmlAccessType.FIELD)
public class Parcel {
    @XmlAttribute(required = true)
    public String number;
    @XmlAttribute
    public List<String> flags;
    @XmlAttribute
    public Boolean insured;

    @XmlElement(required = true)
    public Address to;
    /** Where Java has nothing, JAXB writes nil. */
    @XmlElement(nillable = true)
    public Address from;
    @XmlElement(required = true)
    public Status status;
    public BigDecimal weight;
    public Money price;
    @XmlSchemaType(name = "dateTime")
    public XMLGregorianCalendar sentAt;
    @XmlSchemaType(name = "date")
    public XMLGregorianCalendar due;
    public Duration transit;
    @XmlList
    public List<Integer> dimensions;
    @XmlElementWrapper(name = "contents")
    @XmlElement(name = "line")
    public List<Line> contents;
    /** Order matters across the two names: a choice that repeats. */
    @XmlElements({
        @XmlElement(name = "scan", type = XMLGregorianCalendar.class),
        @XmlElement(name = "remark", type = String.class)
    })
    public List<Object> history = new ArrayList<>();
    /** A substitution group in Java; code first, JAXB publishes it as a choice. */
    @XmlElementRef(name = "step", namespace = Names.NS)
    public List<JAXBElement<? extends Step>> steps = new ArrayList<>();
    public String note;
    public byte[] stamp;
    /** A type that contains itself. */
    @XmlElement(name = "inner")
    public List<Parcel> inner = new ArrayList<>();

    /** Where a parcel is. */
    public enum Status { NEW, ON_THE_WAY, DELIVERED }

    /** Nested, with an optional member. */
    @XmlAccessorType(XmlAccessType.FIELD)
    public static class Address {
        @XmlElement(required = true)
        public String name;
        @XmlElement(required = true)
        public List<String> street = new ArrayList<>();
        public String zip;
    }

    /** An item of a wrapped list. */
    @XmlAccessorType(XmlAccessType.FIELD)
    public static class Line {
        @XmlAttribute
        public int count;
        @XmlElement(required = true)
        public String what;
    }

    /** The type of the head of the substitution group. */
    @XmlAccessorType(XmlAccessType.FIELD)
    public static class Step {
        @XmlElement(required = true)
        public String place;
    }

    /** The type of a member of it. */
    @XmlAccessorType(XmlAccessType.FIELD)
    public static class Flight extends Step {
        @XmlElement(required = true)
        public String flight;
    }
}
