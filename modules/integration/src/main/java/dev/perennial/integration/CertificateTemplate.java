package dev.perennial.integration;

import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.ClientCertificate;
import dev.perennial.domain.definition.RenderingException;
import dev.perennial.integration.jwt.Pem;
import dev.perennial.integration.template.CompiledText;
import dev.perennial.integration.template.Values;

/** {@code client_certificate}, compiled. Immutable. */
record CertificateTemplate(CompiledText certificate, CompiledText key) {

  /**
   * @throws RenderingException where a value is missing or is not PEM
   */
  ClientCertificate render(Values values) {
    return new ClientCertificate(
        pem(certificate, Pem.CERTIFICATE, values), Secret.of(pem(key, Pem.PRIVATE_KEY, values)));
  }

  private static String pem(CompiledText text, String label, Values values) {
    String pem = Pem.withLineBreaks(text.render(values));
    if (!Pem.holds(pem, label)) {
      String remedy =
          text.source().uses().stream()
              .findFirst()
              .map(use -> " (from " + use.path() + ")" + values.remedy(use.path()))
              .orElse("");
      throw new RenderingException(
          text.where() + ": is not PEM (-----BEGIN " + label + "-----)" + remedy);
    }
    return pem;
  }
}
