package dev.perennial.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Spring Authorization Server for {@code perennial prove --integration}: writes {@code spring.json}
 * into a directory, says with which variables and which user it works, and runs until its standard
 * input closes. Arguments: the directory, the public port of ingress, the life of access tokens.
 */
final class SpringMain {
  private SpringMain() {}

  public static void main(String[] args) throws IOException {
    String redirectUrl = "http://localhost:" + args[1] + "/callback/spring";
    try (SpringAuthorizationServer server = SpringAuthorizationServer.start(redirectUrl, args[2])) {
      Path file = Path.of(args[0], "spring.json");
      Files.writeString(
          file,
          Definitions.of(
              server.uri("/oauth2/authorize"), server.uri("/oauth2/token"), "mail.read"));
      System.out.println(
          "PERENNIAL_SPRING_CLIENT_ID="
              + SpringAuthorizationServer.CLIENT_ID
              + " PERENNIAL_SPRING_CLIENT_SECRET="
              + SpringAuthorizationServer.CLIENT_SECRET
              + " perennial prove --integration "
              + file
              + " --user "
              + SpringAuthorizationServer.LOGIN
              + " --public-port "
              + args[1]);
      while (System.in.read() >= 0) {
        // nobody has closed it yet
      }
    }
  }
}
