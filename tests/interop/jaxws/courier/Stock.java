package courier;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.datatype.XMLGregorianCalendar;
import money.Money;

/** The parcels there are. */
final class Stock {
    private static final DatatypeFactory TYPES = DatatypeFactory.newDefaultInstance();
    private static final ObjectFactory ELEMENTS = new ObjectFactory();

    private Stock() {}

    static XMLGregorianCalendar time(String text) {
        return TYPES.newXMLGregorianCalendar(text);
    }

    static Parcel parcel(String number) {
        return switch (number) {
            case "0042" -> full();
            case "0043" -> bare();
            default -> null;
        };
    }

    private static Parcel full() {
        Parcel parcel = bare();
        parcel.number = "0042";
        parcel.flags = List.of("fragile", "heavy");
        parcel.insured = true;
        parcel.from = address("Håkon & Co", "1 <Main> St", "2nd floor");
        parcel.from.zip = "01234";
        parcel.status = Parcel.Status.ON_THE_WAY;
        parcel.weight = new BigDecimal("12.340");
        parcel.price = new Money("25000.00", "NOK");
        parcel.sentAt = time("2024-02-29T23:59:59.120+05:30");
        parcel.due = time("2024-03-05Z");
        parcel.transit = TYPES.newDuration("P4DT2H");
        parcel.dimensions = List.of(30, 20, 10);
        parcel.contents = List.of(line(2, "hammer"), line(1, "nail"));
        parcel.history.addAll(List.of("packed", time("2024-02-29T10:00:00"), "weighed", "sealed"));
        parcel.steps.add(ELEMENTS.createDrive(step(new Parcel.Step(), "Oslo")));
        Parcel.Flight flight = (Parcel.Flight) step(new Parcel.Flight(), "Bergen");
        flight.flight = "SK 7";
        parcel.steps.add(ELEMENTS.createFlight(flight));
        parcel.note = "";
        parcel.stamp = "<stamp/>".getBytes(StandardCharsets.UTF_8);
        parcel.inner.add(bare());
        return parcel;
    }

    /** Nothing but what must be. */
    private static Parcel bare() {
        Parcel parcel = new Parcel();
        parcel.number = "0043";
        parcel.to = address("Ada");
        parcel.status = Parcel.Status.NEW;
        return parcel;
    }

    private static Parcel.Address address(String name, String... street) {
        Parcel.Address address = new Parcel.Address();
        address.name = name;
        address.street.addAll(street.length == 0 ? List.of("-") : List.of(street));
        return address;
    }

    private static Parcel.Line line(int count, String what) {
        Parcel.Line line = new Parcel.Line();
        line.count = count;
        line.what = what;
        return line;
    }

    private static Parcel.Step step(Parcel.Step step, String place) {
        step.place = place;
        return step;
    }
}
