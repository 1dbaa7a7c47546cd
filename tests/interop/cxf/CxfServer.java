import courier.CourierService;
import courier.PictureService;
import jakarta.xml.ws.Endpoint;
import java.util.Map;
import ledger.LedgerService;
import office.OfficeService;
import org.apache.cxf.jaxws.EndpointImpl;
import org.apache.cxf.message.Message;
import org.apache.cxf.phase.AbstractPhaseInterceptor;
import org.apache.cxf.phase.Phase;
import org.apache.cxf.transport.servlet.CXFNonSpringServlet;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;

/** Apache CXF in Jetty, as in a servlet container, on a free loopback port. */
public final class CxfServer {
    private CxfServer() {}

    public static void main(String[] arguments) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        ServletHolder servlet = new ServletHolder(new CXFNonSpringServlet());
        servlet.setInitOrder(1);
        context.addServlet(servlet, "/*");
        server.setHandler(context);
        server.start();

        publish("courier", new CourierService(), "UTF-8");
        publish("ledger", new LedgerService(), "ISO-8859-15");
        publish("office", new OfficeService(), "UTF-16");
        publish("pictures", new PictureService(), "UTF-8");
        for (String name : new String[] {"courier", "ledger", "office", "pictures"}) {
            System.out.println("ready " + name + " http://127.0.0.1:" + connector.getLocalPort() + "/" + name + "?wsdl");
        }
        server.join();
    }

    /**
     * Every request is validated against the published schema: one that is not valid is a fault. But
     * CXF's validator finds no type at all for the parts of rpc/literal, `xs:string` included.
     */
    private static void publish(String name, Object service, String encoding) {
        EndpointImpl endpoint = (EndpointImpl) Endpoint.create(service);
        endpoint.getOutInterceptors().add(new Encoded(encoding));
        endpoint.getOutFaultInterceptors().add(new Encoded(encoding));
        endpoint.setProperties(Map.of(
            "schema-validation-enabled", service instanceof LedgerService ? "NONE" : "IN",
            "org.apache.cxf.wsdl.create.imports", "true"));
        endpoint.publish("/" + name);
    }

    /** Answers in an encoding; CXF otherwise takes that of the request. */
    private static final class Encoded extends AbstractPhaseInterceptor<Message> {
        private final String encoding;

        Encoded(String encoding) {
            super(Phase.SETUP);
            this.encoding = encoding;
        }

        public void handleMessage(Message message) {
            message.put(Message.ENCODING, encoding);
        }
    }
}
