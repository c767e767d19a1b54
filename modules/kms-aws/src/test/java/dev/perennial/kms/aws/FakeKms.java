package dev.perennial.kms.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * As much of the API of AWS KMS as Encrypt and Decrypt take (JSON 1.1, {@code TrentService}), on
 * loopback. The ciphertext names its key, as the real one does, and another key is refused.
 */
final class FakeKms implements AutoCloseable {
  private static final byte[] IV = new byte[12]; // one plaintext for each test

  private final HttpServer server;
  final List<String> authorizations = new ArrayList<>();
  final List<String> targets = new ArrayList<>();

  /** What it answers instead, where it is not 0. */
  volatile int status;

  FakeKms(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port());
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    targets.add(target);
    authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
    try {
      if (status != 0) {
        send(exchange, status, "{\"__type\":\"KMSInternalException\"}");
      } else if ("TrentService.Encrypt".equals(target)) {
        encrypt(exchange, body);
      } else if ("TrentService.Decrypt".equals(target)) {
        decrypt(exchange, body);
      } else {
        send(exchange, 400, "{\"__type\":\"UnknownOperationException\"}");
      }
    } catch (GeneralSecurityException e) {
      send(exchange, 400, "{\"__type\":\"InvalidCiphertextException\"}");
    }
  }

  private void encrypt(HttpExchange exchange, String body)
      throws IOException, GeneralSecurityException {
    String key = member(body, "KeyId");
    byte[] plain = Base64.getDecoder().decode(member(body, "Plaintext"));
    byte[] blob = (key + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, body).doFinal(plain);
    byte[] all = java.util.Arrays.copyOf(blob, blob.length + sealed.length);
    System.arraycopy(sealed, 0, all, blob.length, sealed.length);
    String text = Base64.getEncoder().encodeToString(all);
    send(exchange, 200, "{\"KeyId\":\"" + key + "\",\"CiphertextBlob\":\"" + text + "\"}");
  }

  private void decrypt(HttpExchange exchange, String body)
      throws IOException, GeneralSecurityException {
    String key = member(body, "KeyId");
    byte[] all = Base64.getDecoder().decode(member(body, "CiphertextBlob"));
    int end = new String(all, StandardCharsets.ISO_8859_1).indexOf('\n');
    if (!key.equals(new String(all, 0, Math.max(end, 0), StandardCharsets.UTF_8))) {
      send(exchange, 400, "{\"__type\":\"IncorrectKeyException\"}");
      return;
    }
    byte[] plain =
        cipher(Cipher.DECRYPT_MODE, key, body).doFinal(all, end + 1, all.length - end - 1);
    String text = Base64.getEncoder().encodeToString(plain);
    send(exchange, 200, "{\"KeyId\":\"" + key + "\",\"Plaintext\":\"" + text + "\"}");
  }

  /** The encryption context is authenticated, as in the real one. */
  private static Cipher cipher(int mode, String key, String body) throws GeneralSecurityException {
    byte[] secret =
        java.security.MessageDigest.getInstance("SHA-256")
            .digest(key.getBytes(StandardCharsets.UTF_8));
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(secret, "AES"), new GCMParameterSpec(128, IV));
    cipher.updateAAD(context(body).getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private static String context(String body) {
    Matcher context = Pattern.compile("\"associatedData\":\"([0-9a-f]*)\"").matcher(body);
    return context.find() ? String.valueOf(context.group(1)) : "";
  }

  private static String member(String body, String name) {
    Matcher member = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(body);
    if (!member.find()) {
      throw new IllegalArgumentException("no " + name);
    }
    return String.valueOf(member.group(1)).replace("\\/", "/");
  }

  private static void send(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
