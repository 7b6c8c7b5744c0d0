"""Verifiable credentials: keys, proofs, shapes, status lists, verdicts. Pure: no site, no network.

Sources: W3C Verifiable Credentials Data Model 2.0, VC Data Integrity 1.0, VC Data Integrity EdDSA
Cryptosuites 1.0, Securing VCs using JOSE and COSE, Bitstring Status List 1.0, Controlled
Identifiers 1.0, and 1EdTech Open Badges 3.0.
"""
