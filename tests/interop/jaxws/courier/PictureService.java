package courier;

import jakarta.activation.DataHandler;
import jakarta.jws.WebMethod;
import jakarta.jws.WebParam;
import jakarta.jws.WebResult;
import jakarta.jws.WebService;
import jakarta.mail.util.ByteArrayDataSource;
import jakarta.xml.bind.annotation.XmlMimeType;
import jakarta.xml.ws.soap.MTOM;
import java.util.Arrays;

/** MTOM: answers are multipart, what is binary stands beside the envelope. */
@MTOM
@WebService(targetNamespace = Names.NS, serviceName = "PictureService", portName = "PicturePort")
public class PictureService {
    @WebMethod
    @WebResult(name = "picture")
    public @XmlMimeType("application/octet-stream") DataHandler getPicture(@WebParam(name = "size") int size) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) 0xFF);
        return new DataHandler(new ByteArrayDataSource(bytes, "application/octet-stream"));
    }
}
