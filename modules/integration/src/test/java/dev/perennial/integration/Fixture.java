package dev.perennial.integration;

import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.TokenRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Short ways to read a definition, bind it and render it. */
final class Fixture {
  static final String REDIRECT = "https://perennial.example/callback/acme";
  static final Instant NOW = Instant.parse("2026-03-01T10:15:30Z");
  static final FlowValues CONSENT = FlowValues.forConsent(REDIRECT, Secret.of("st"), "ch");
  static final FlowValues CODE =
      FlowValues.forCode(REDIRECT, Secret.of("c/1"), Secret.of("ver"), Map.of());

  /** Values of the variables that tests use; others are missing. */
  static final Map<String, String> VARIABLES =
      Map.of("PERENNIAL_ACME_CLIENT_ID", "id 1", "PERENNIAL_ACME_CLIENT_SECRET", "s&c=r+t");

  private Fixture() {}

  static Reading read(String json) {
    return new DefinitionReader().read("acme.json", json.getBytes(StandardCharsets.UTF_8));
  }

  static List<String> findings(String json) {
    return read(json).findings().stream().map(Finding::toString).toList();
  }

  static List<String> errors(String json) {
    return read(json).findings().stream()
        .filter(Finding::isError)
        .map(finding -> finding.at().path() + ": " + finding.reason())
        .toList();
  }

  static Definition definition(String json) {
    return switch (read(json)) {
      case Reading.Usable(Definition definition, var _) -> definition;
      case Reading.Unreadable(List<Finding> findings) ->
          throw new AssertionError("unreadable: " + findings);
    };
  }

  static Integration bind(String json) {
    return bind(json, VARIABLES);
  }

  static Integration bind(String json, Map<String, String> variables) {
    return catalog(json, variables, UnaryOperator.identity()).find("acme").orElseThrow();
  }

  static IntegrationCatalog catalog(
      String json, Map<String, String> variables, UnaryOperator<URI> address) {
    return IntegrationCatalog.withAddressesReplaced(
        List.of(definition(json)),
        name -> Optional.ofNullable(variables.get(name)),
        InstantSource.fixed(NOW),
        new Random(1),
        address);
  }

  /** A definition whose consent starts at this URL. */
  static String withConsent(String url) {
    return """
    {"pkce": false, "authenticate_url": "%s", "access_token": {"url": "https://a.example/t"}}
    """
        .formatted(url);
  }

  /** A definition whose access token request is this object, with a consent before it. */
  static String withToken(String request) {
    return """
    {"pkce": false, "authenticate_url": "https://a.example/auth", "access_token": %s}
    """
        .formatted(request);
  }

  /** A definition whose refresh request is this object. */
  static String withRefresh(String request) {
    return """
    {"pkce": false, "authenticate_url": "https://a.example/auth",
     "access_token": {"url": "https://a.example/token"}, "refresh": %s}
    """
        .formatted(request);
  }

  static TokenRequest refresh(String request, Map<String, Object> oauth) {
    return bind(withRefresh(request)).refreshRequest(FlowValues.forRefresh(REDIRECT, oauth));
  }

  static String body(TokenRequest request) {
    return request.body() == null ? "" : new String(request.body().bytes(), StandardCharsets.UTF_8);
  }

  static Optional<String> header(TokenRequest request, String name) {
    return request.headers().stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(TokenRequest.Header::value)
        .findFirst();
  }
}
