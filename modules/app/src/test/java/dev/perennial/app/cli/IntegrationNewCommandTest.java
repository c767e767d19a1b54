package dev.perennial.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.perennial.integration.DefinitionReader;
import dev.perennial.integration.Reading;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A first definition, from answers, from options and from metadata. */
class IntegrationNewCommandTest {
  @TempDir private Path directory = Path.of("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String typed, String... arguments) {
    Surroundings surroundings =
        new Surroundings(
            directory,
            Map.of("PERENNIAL_EXCHANGER_ALLOW_PRIVATE_ADDRESSES", "true"),
            new BufferedReader(new StringReader(typed)),
            new PrintWriter(out),
            new PrintWriter(err));
    String[] all = new String[arguments.length + 2];
    all[0] = "integration";
    all[1] = "new";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return Cli.create(surroundings, (_, _, _) -> 0).execute(all);
  }

  private String written(String name) throws IOException {
    Path file = directory.resolve("integrations").resolve(name + ".json");
    assertThat(new DefinitionReader().read(file)).isInstanceOf(Reading.Usable.class);
    return Files.readString(file);
  }

  @Test
  void asks_what_no_option_says_until_an_answer_can_be_used() throws IOException {
    int code =
        run(
            """
            Acme CRM
            acme
            acme.example/authorize
            https://acme.example/authorize
            https://acme.example/token
            read write
            maybe
            yes
            no

            """);
    assertThat(code).as(err.toString()).isZero();
    assertThat(written("acme"))
        .contains("https://acme.example/authorize?response_type=code")
        .contains("\"read\",")
        .contains("Basic {{ CLIENT_ID }}")
        .contains("\"pkce\": false")
        .contains("\"refresh\"");
    assertThat(err.toString()).contains("a name has a-z", "an https URL", "yes or no");
    assertThat(out.toString())
        .contains("wrote ", "/callback/acme", "PERENNIAL_ACME_CLIENT_SECRET", "check --render");
  }

  @Test
  void where_nobody_answers_it_names_the_option() {
    assertThat(run("", "acme")).isEqualTo(1);
    assertThat(err.toString()).contains("nobody answers here", "--authorize-url");
    assertThat(directory.resolve("integrations")).doesNotExist();
  }

  @Test
  void never_overwrites() throws IOException {
    Files.createDirectories(directory.resolve("integrations"));
    Files.writeString(directory.resolve("integrations/acme.json"), "mine");
    assertThat(run("", "acme")).isEqualTo(1);
    assertThat(err.toString()).contains("never overwritten");
    assertThat(directory.resolve("integrations/acme.json")).hasContent("mine");
  }

  @Test
  void an_issuer_says_the_rest() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String issuer = "http://127.0.0.1:" + server.getAddress().getPort() + "/realms/main";
    String metadata =
        """
        {"issuer": "%s", "authorization_endpoint": "%s/auth", "token_endpoint": "%s/token",
         "revocation_endpoint": "%s/revoke", "scopes_supported": ["openid", "offline_access", "x"],
         "code_challenge_methods_supported": ["plain", "S256"],
         "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_post"]}
        """
            .formatted(issuer, issuer, issuer, issuer);
    server.createContext(
        "/.well-known/oauth-authorization-server/realms/main",
        exchange -> {
          byte[] bytes = metadata.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    try {
      assertThat(run("", "main", "--issuer", issuer)).as(err.toString()).isZero();
      assertThat(written("main"))
          .contains("{{ discovery.token_endpoint }}", "{{ discovery.revocation_endpoint }}")
          .contains("\"offline_access\"")
          .contains("\"client_secret\": \"{{ CLIENT_SECRET }}\"")
          .contains("\"pkce\": true")
          .doesNotContain("\"x\"");
      assertThat(run("", "other", "--issuer", issuer + "/none")).isEqualTo(1);
      assertThat(err.toString()).contains("no metadata found", "HTTP 404", "of another issuer");
    } finally {
      server.stop(0);
    }
  }
}
