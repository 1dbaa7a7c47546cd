import java.net.InetAddress;
import java.net.ServerSocket;
import org.apache.axis.configuration.FileProvider;
import org.apache.axis.transport.http.SimpleAxisServer;

/** Axis's own HTTP server with the services of server-config.wsdd, on a free loopback port. */
public final class AxisServer {
    private AxisServer() {}

    public static void main(String[] arguments) throws Exception {
        SimpleAxisServer server = new SimpleAxisServer();
        server.setMyConfig(new FileProvider(arguments[0]));
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        server.setServerSocket(socket);
        for (String name : new String[] {"depot", "shelves"}) {
            System.out.println("ready " + name + " http://127.0.0.1:" + socket.getLocalPort()
                + "/axis/services/" + name + "?wsdl");
        }
        server.run();
    }
}
