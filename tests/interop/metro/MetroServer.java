import com.sun.net.httpserver.HttpServer;
import courier.CourierService;
import jakarta.xml.ws.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import ledger.LedgerService;

/** Eclipse Metro, the reference implementation of JAX-WS, in the JDK's HTTP server, on a free loopback port. */
public final class MetroServer {
    private static final int THREADS = 4;

    private MetroServer() {}

    public static void main(String[] arguments) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setExecutor(Executors.newFixedThreadPool(THREADS));
        publish(server, "courier", new CourierService());
        publish(server, "ledger", new LedgerService());
        server.start();
        for (String name : new String[] {"courier", "ledger"}) {
            System.out.println("ready " + name + " http://127.0.0.1:" + server.getAddress().getPort() + "/" + name + "?wsdl");
        }
    }

    private static void publish(HttpServer server, String name, Object service) {
        Endpoint.create(service).publish(server.createContext("/" + name));
    }
}
