package dev.perennial.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.perennial.client.example.Pipeline;
import dev.perennial.sealing.KeyRing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Holds docs/client.md to what is here: its example is a class that compiles and runs. */
class ClientDocTest {
  private static final Pattern CALL = Pattern.compile("`([a-z]\\w+)\\(");

  @Test
  void the_example_is_the_class_that_is_compiled() throws IOException {
    assertThat(doc()).contains("```java\n" + example() + "```\n");
  }

  @Test
  void every_method_that_is_named_exists() throws IOException {
    List<Class<?>> classes =
        List.of(
            Credentials.class,
            KafkaCredentialsBuilder.class,
            ApiCredentialsBuilder.class,
            CredentialsListener.class,
            Token.class,
            dev.perennial.domain.Secret.class,
            CredentialException.class,
            dev.perennial.client.httpclient5.TokenInterceptor.class,
            dev.perennial.client.httpclient5.TokenInterceptor.Builder.class);
    List<String> methods =
        classes.stream()
            .flatMap(one -> List.of(one.getMethods()).stream())
            .map(method -> method.getName())
            .toList();
    Matcher call = CALL.matcher(doc());
    while (call.find()) {
      assertThat(methods).contains(call.group(1));
    }
    assertThat(doc())
        .contains(
            List.of(CredentialException.Kind.values()).stream()
                .map(kind -> "`" + kind + "`")
                .collect(Collectors.toList()));
  }

  @Test
  @Timeout(90)
  void the_example_runs(@TempDir Path directory) throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    HttpServer resource =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    resource.createContext(
        "/",
        exchange -> {
          seen.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    resource.start();
    try (Broker broker = new Broker()) {
      Broker.Publisher publisher = broker.publisher("perennial");
      String ring = publisher.ring.rotate();
      Path keys = Files.writeString(directory.resolve("keys.json"), ring);
      assertThat(KeyRing.load(keys).keyIds()).hasSize(2);
      publisher.refreshed(1, "at1", Time.SYSTEM.clock().instant().plusSeconds(3600));
      Thread pipeline = run(broker, keys, resource.getAddress().getPort());
      assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("Bearer at1");
      publisher.refreshed(2, "at2", Time.SYSTEM.clock().instant().plusSeconds(3600));
      Until.holds(() -> "Bearer at2".equals(seen.poll()));
      pipeline.interrupt();
      pipeline.join(30_000);
      assertThat(pipeline.isAlive()).isFalse();
    } finally {
      resource.stop(0);
    }
  }

  private static Thread run(Broker broker, Path keys, int port) {
    String[] arguments = {
      broker.kafka.bootstrapServers(), keys.toString(), "google/acme", "http://127.0.0.1:" + port
    };
    Thread pipeline =
        new Thread(() -> {
          try {
            Pipeline.main(arguments);
          } catch (Exception e) {
            // interrupted by the test
          }
        });
    pipeline.start();
    return pipeline;
  }

  private static String example() throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/dev/perennial/client/example/Pipeline.java"));
    return source.substring(source.indexOf("import dev.perennial.client.Credentials;"));
  }

  private static String doc() throws IOException {
    return Files.readString(Path.of("../../docs/client.md"));
  }
}
