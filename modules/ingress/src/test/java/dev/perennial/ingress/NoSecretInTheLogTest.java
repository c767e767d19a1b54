package dev.perennial.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.perennial.domain.Secret;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class NoSecretInTheLogTest {
  private final Ingress ingress =
      new Ingress(Ingress.OPEN, TestIntegration.plain("google").withPkce());
  private final Browser browser = new Browser(ingress);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

  @BeforeEach
  void listen() {
    log.start();
    root.addAppender(log);
  }

  @AfterEach
  void stop() {
    root.detachAppender(log);
    ingress.close();
  }

  private String everythingLogged() {
    return List.copyOf(log.list).stream()
        .map(event ->
            event.getFormattedMessage()
                + (event.getThrowableProxy() == null
                    ? ""
                    : ThrowableProxyUtil.asString(event.getThrowableProxy())))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void noWayThroughACallbackWritesASecret() {
    String state = browser.begin("/connect/google?connection=acme");
    String path = "/callback/google?code=planted-code&x=planted-parameter&state=" + state;
    new Browser(ingress).get(path);
    ingress.publisher.down = true;
    browser.get(path);
    ingress.publisher.down = false;
    ingress.publisher.broken = true;
    assertThat(browser.get(path).status()).isEqualTo(500);
    ingress.publisher.broken = false;
    assertThat(browser.get(path).status()).isEqualTo(303);
    browser.get(path);

    Secret verifier = Objects.requireNonNull(ingress.pending.of(state).codeVerifier());
    assertThat(everythingLogged())
        .contains("google/acme", "its state stays good", "GET /callback/google failed")
        .doesNotContain("planted", state, verifier.reveal())
        .doesNotContain(ingress.pending.of(state).browser().reveal());
  }

  @Test
  void namesTheMissingVariablesForTheOperator() {
    try (Ingress other =
        new Ingress(Ingress.OPEN, TestIntegration.plain("google").missing("PERENNIAL_GOOGLE_ID"))) {
      new Browser(other).get("/connect/google");
    }

    assertThat(everythingLogged()).contains("google", "set PERENNIAL_GOOGLE_ID");
  }
}
