package depot;

/** The lead is one of the members: the same object, which Axis writes once and refers to. */
public class Team {
    private String title;
    private Person lead;
    private Person[] members;

    public String getTitle() { return title; }
    public void setTitle(String value) { title = value; }
    public Person getLead() { return lead; }
    public void setLead(Person value) { lead = value; }
    public Person[] getMembers() { return members; }
    public void setMembers(Person[] value) { members = value; }
}
