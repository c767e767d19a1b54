package dev.perennial.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.ConnectionContext;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integration.Phase;
import dev.perennial.domain.definition.RenderingException;
import dev.perennial.domain.definition.SiblingToken;
import dev.perennial.integration.document.Place;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;

/** What holds for any bytes of a definition file. */
final class DefinitionInvariants {

  /** A value that no message may show. */
  private static final String PLANTED = "PLANTED";

  /** For reading and rendering one file; many times what a large one takes. */
  private static final Duration MOST = Duration.ofSeconds(5);

  private static final Map<String, Object> ANSWER =
      Map.of(
          "access_token",
          PLANTED,
          "refresh_token",
          PLANTED,
          "id_token",
          "a.eyJzdWIiOiJQTEFOVEVEIn0.b",
          "redirect_params",
          Map.of("code", PLANTED, "tenant", PLANTED));

  static {
    // So that no input pays for the loading of classes.
    readAndRender(
        "{\"access_token\": {\"url\": \"https://a.example/{{ A }}\"}}"
            .getBytes(StandardCharsets.UTF_8));
  }

  private DefinitionInvariants() {}

  /**
   * @return whether it can be used
   */
  static boolean reading(byte[] input) {
    return assertTimeout(MOST, () -> readAndRender(input));
  }

  private static boolean readAndRender(byte[] input) {
    Reading reading = new DefinitionReader().read("acme.json", input);
    String text = new String(input, StandardCharsets.UTF_8);
    for (Finding finding : reading.findings()) {
      assertThat(isInside(finding.at(), text)).as("%s", finding).isTrue();
      assertThat(finding.toString()).doesNotContainPattern("[\\x00-\\x1f]").contains(": ");
    }
    boolean failed = reading.findings().stream().anyMatch(Finding::isError);
    return switch (reading) {
      case Reading.Unreadable _ -> {
        assertThat(failed).isTrue();
        yield false;
      }
      case Reading.Usable(Definition definition, var _) -> {
        assertThat(failed).isFalse();
        assertThat(new DefinitionPreview(_ -> Optional.of(PLANTED)).lines(definition)).isNotEmpty();
        render(definition);
        yield true;
      }
    };
  }

  /** Lines end as JSON's parser counts them, or at line feeds only. */
  private static boolean isInside(Place at, String text) {
    return isInside(at, text.split("\r\n|\r|\n", -1)) || isInside(at, text.split("\n", -1));
  }

  private static boolean isInside(Place at, String[] lines) {
    return at.line() >= 1
        && at.line() <= lines.length
        && at.column() >= 1
        && at.column() <= lines[at.line() - 1].length() + 1;
  }

  private static void render(Definition definition) {
    Integration bound = bound(definition).orElse(null);
    if (bound == null) {
      return;
    }
    FlowValues flow =
        new FlowValues(
            Fixture.REDIRECT,
            Secret.of(PLANTED),
            PLANTED,
            Secret.of(PLANTED),
            Secret.of(PLANTED),
            ANSWER,
            ConnectionContext.NONE);
    rendered(() -> bound.discoveryUrl(flow));
    rendered(() -> bound.tokenRequest(flow));
    if (bound.hasConsent()) {
      rendered(() -> bound.consentUrl(flow));
    }
    if (bound.prepares()) {
      rendered(() -> bound.prepareRequest(flow));
    }
    if (bound.refreshable()) {
      rendered(() -> bound.refreshRequest(flow));
    }
    if (bound.revokes()) {
      rendered(() -> bound.revokeRequest(flow));
    }
    for (SiblingToken sibling : bound.siblings()) {
      rendered(() -> bound.siblingRequest(sibling.name(), flow));
    }
    for (Phase phase : Phase.values()) {
      for (int i = 0; i < bound.followUps(phase).size(); i++) {
        int number = i;
        rendered(() -> bound.followUpRequest(phase, number, flow));
      }
    }
  }

  /** Empty where the definition does not take our values for its variables. */
  private static Optional<Integration> bound(Definition definition) {
    Map<String, String> values = new HashMap<>();
    definition
        .variables()
        .forEach(variable ->
            values.put(
                variable.environmentName("acme"),
                variable.options().isEmpty() ? PLANTED : variable.options().getFirst()));
    Function<String, Optional<String>> lookup = name -> Optional.ofNullable(values.get(name));
    if (!Variables.bind(definition, lookup).problems().isEmpty()) {
      return Optional.empty();
    }
    InstantSource clock = InstantSource.fixed(Fixture.NOW);
    return new IntegrationCatalog(List.of(definition), lookup, clock, new Random(1)).find("acme");
  }

  private static void rendered(Supplier<?> request) {
    try {
      assertThat(request.get()).isNotNull();
    } catch (RenderingException e) {
      assertThat(e).message().startsWith("acme: ").doesNotContain(PLANTED);
    }
  }
}
