package dev.perennial.app.access;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import dev.perennial.app.config.WebAddress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Fetches the public keys of an issuer (RFC 7517), from where it is told or from where the issuer's
 * metadata say (RFC 8414 section 3, OpenID Connect Discovery section 4). https, or http on this
 * machine; no redirects; answers of at most 256 KiB within 5 s each. Thread-safe.
 */
public final class IssuerKeys {
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final int MAX_BYTES = 256 << 10;
  private static final int MAX_KEYS = 100;
  private static final int LEAST_RSA_BITS = 2048; // RFC 7518 section 3.3

  private final URI issuer;
  private final Optional<URI> jwksUri;

  /**
   * @param jwksUri empty where the issuer's metadata are to be asked
   */
  public IssuerKeys(URI issuer, Optional<URI> jwksUri) {
    this.issuer = issuer;
    this.jwksUri = jwksUri;
  }

  URI issuer() {
    return issuer;
  }

  /**
   * Blocks for up to three requests.
   *
   * @throws IOException where there are none to be had; its message names the address
   */
  JWKSet fetch() throws IOException {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(ANSWER).build()) {
      URI address = jwksUri.isPresent() ? jwksUri.get() : discovered(client);
      HttpResponse<byte[]> answer = get(client, address);
      if (answer.statusCode() != 200) {
        throw new IOException(address + " answered HTTP " + answer.statusCode());
      }
      return keys(address, new String(answer.body(), StandardCharsets.UTF_8));
    }
  }

  private static JWKSet keys(URI address, String text) throws IOException {
    try {
      List<JWK> keys =
          JWKSet.parse(text).getKeys().stream()
              .filter(key -> !(key instanceof RSAKey rsa) || rsa.size() >= LEAST_RSA_BITS)
              .toList();
      if (keys.size() > MAX_KEYS) {
        throw new IOException(address + " has more than " + MAX_KEYS + " keys");
      }
      return new JWKSet(keys).toPublicJWKSet();
    } catch (ParseException e) {
      throw new IOException(address + " answered something that is no JWK set", e);
    }
  }

  private URI discovered(HttpClient client) throws IOException {
    HttpResponse<byte[]> answer = get(client, oauthMetadata());
    if (answer.statusCode() != 200) {
      answer = get(client, openIdConfiguration());
    }
    if (answer.statusCode() != 200) {
      throw new IOException(
          openIdConfiguration()
              + " answered HTTP "
              + answer.statusCode()
              + "; set admin.jwt.jwks-uri");
    }
    JsonNode metadata = metadata(answer);
    if (!metadata.path("issuer").asString("").equals(issuer.toString())) {
      throw new IOException(answer.uri() + " is about another issuer than admin.jwt.issuer");
    }
    return jwksUri(answer.uri(), metadata);
  }

  private static JsonNode metadata(HttpResponse<byte[]> answer) throws IOException {
    try {
      return JsonMapper.shared().readTree(answer.body());
    } catch (JacksonException e) {
      throw new IOException(answer.uri() + " answered something that is no JSON", e);
    }
  }

  private static URI jwksUri(URI address, JsonNode metadata) throws IOException {
    try {
      URI found = URI.create(metadata.path("jwks_uri").asString(""));
      if (WebAddress.isProtected(found)) {
        return found;
      }
    } catch (IllegalArgumentException _) {
      // told below
    }
    throw new IOException(address + " has no jwks_uri that is https");
  }

  /** The well-known part stands before the issuer's path (RFC 8414 section 3.1). */
  private URI oauthMetadata() {
    return issuer.resolve("/.well-known/oauth-authorization-server" + path());
  }

  /** And after it here. */
  private URI openIdConfiguration() {
    return issuer.resolve(path() + "/.well-known/openid-configuration");
  }

  private String path() {
    return Objects.toString(issuer.getRawPath(), "").replaceFirst("/$", "");
  }

  private static HttpResponse<byte[]> get(HttpClient client, URI address) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(ANSWER)
            .header("Accept", "application/json, application/jwk-set+json")
            .build();
    try {
      return client
          .sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES))
          .get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      client.shutdownNow();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          address + " does not answer well (" + cause.getClass().getSimpleName() + ")", e);
    } catch (InterruptedException e) {
      client.shutdownNow();
      Thread.currentThread().interrupt();
      throw new IOException(address + ": interrupted", e);
    }
  }
}
