import dev.perennial.client.Credentials;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;

/** Calls a protected resource ten times a second. KAFKA KEYS CONNECTION URL [SECONDS] */
class Pipeline {
  public static void main(String[] args) throws Exception {
    HttpRequest.Builder call = HttpRequest.newBuilder(URI.create(args[3]));
    long calls = args.length > 4 ? 10 * Long.parseLong(args[4]) : Long.MAX_VALUE;
    int refused = 0;
    HttpClient http = HttpClient.newHttpClient();
    try (Credentials credentials =
        Credentials.onKafka(Map.of("bootstrap.servers", args[0]))
            .keyRing(Path.of(args[1]))
            .start()) {
      credentials.ready().join();
      for (long n = 1; n <= calls; n++) {
        call.setHeader("Authorization", credentials.token(args[2]).authorization());
        int status = http.send(call.build(), BodyHandlers.discarding()).statusCode();
        refused += status == 401 ? 1 : 0;
        System.out.printf("\r%d calls, %d refused, last %d ", n, refused, status);
        Thread.sleep(100);
      }
    }
    System.exit(refused == 0 ? 0 : 1);
  }
}
