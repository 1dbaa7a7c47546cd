package depot;

/** One person is often referred to from several places of an answer. */
public class Person {
    private String name;
    private Person deputy;

    public Person() {}
    public Person(String name, Person deputy) { this.name = name; this.deputy = deputy; }

    public String getName() { return name; }
    public void setName(String value) { name = value; }
    public Person getDeputy() { return deputy; }
    public void setDeputy(Person value) { deputy = value; }
}
