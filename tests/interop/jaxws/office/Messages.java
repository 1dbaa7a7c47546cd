package office;

import jakarta.xml.bind.JAXBElement;
import jakarta.xml.bind.annotation.XmlAccessType;
import jakarta.xml.bind.annotation.XmlAccessorType;
import jakarta.xml.bind.annotation.XmlAnyElement;
import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlElementRef;
import jakarta.xml.bind.annotation.XmlType;
import jakarta.xml.bind.annotation.XmlValue;
import java.util.ArrayList;
import java.util.List;
import money.Money;

/** The types of office.xsd, as the binding compiler would have made them. */
public final class Messages {
    private Messages() {}

    @XmlAccessorType(XmlAccessType.FIELD)
    @XmlType(name = "", propOrder = {"city", "floor", "extras"})
    public static class Open {
        @XmlAttribute
        public String id;
        @XmlAttribute
        public Short level;
        @XmlElement(required = true)
        public String city;
        public Integer floor;
        @XmlAnyElement
        public List<Object> extras = new ArrayList<>();
    }

    @XmlAccessorType(XmlAccessType.FIELD)
    @XmlType(name = "", propOrder = {"told", "extras"})
    public static class Opened {
        @XmlElement(required = true)
        public String told;
        @XmlAnyElement
        public List<Object> extras = new ArrayList<>();
    }

    @XmlAccessorType(XmlAccessType.FIELD)
    @XmlType(name = "")
    public static class Numbers {
        @XmlValue
        public List<Integer> items = new ArrayList<>();
    }

    @XmlAccessorType(XmlAccessType.FIELD)
    @XmlType(name = "", propOrder = {"reason", "days"})
    public static class Close {
        /** A JAXBElement, because absent, nil and "" are three things. */
        @XmlElementRef(name = "reason", namespace = Office.NS, required = false)
        public JAXBElement<String> reason;
        @XmlElement(required = true, nillable = true)
        public Integer days;
    }

    @XmlAccessorType(XmlAccessType.FIELD)
    @XmlType(name = "")
    public static class Key {
        @XmlAttribute
        public String id;
        @XmlAttribute
        public Short level;
        @XmlElement(required = true)
        public String secret;
    }

    @XmlAccessorType(XmlAccessType.FIELD)
    @XmlType(name = "Route", propOrder = {"steps", "price", "free", "remark"})
    public static class Route {
        @XmlElementRef(name = "step", namespace = Office.NS)
        public List<JAXBElement<? extends Step>> steps = new ArrayList<>();
        public Money price;
        public Boolean free;
        @XmlElementRef(name = "remark", namespace = Office.NS, required = false)
        public JAXBElement<String> remark;
    }

    @XmlAccessorType(XmlAccessType.FIELD)
    @XmlType(name = "Step")
    public static class Step {
        @XmlElement(required = true)
        public String place;
    }

    @XmlAccessorType(XmlAccessType.FIELD)
    @XmlType(name = "Flight")
    public static class Flight extends Step {
        @XmlElement(required = true)
        public String number;
    }

    @XmlAccessorType(XmlAccessType.FIELD)
    @XmlType(name = "")
    public static class NoOffice {
        @XmlAttribute(required = true)
        public int code;
        @XmlElement(required = true)
        public String city;
    }
}
