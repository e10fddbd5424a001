import { json, type ApiAnswer } from "../http";
import type { Asked } from "./asked";
import { Refused } from "./refused";

interface Quota {
  readonly service: string;
  /** Name in the account's limits. */
  readonly limit: string;
  readonly name: string;
  readonly usual: number;
}

const QUOTAS: Readonly<Record<string, Quota>> = {
  "L-1216C47A": {
    service: "ec2",
    limit: "vcpus",
    name: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
    usual: 5,
  },
  "L-0263D0A3": { service: "ec2", limit: "addresses", name: "EC2-VPC Elastic IPs", usual: 5 },
  "L-F678F1CE": { service: "vpc", limit: "vpcs", name: "VPCs per Region", usual: 5 },
};

/** Answers as Service Quotas: a quota that nobody raised has a default only. */
export function answerQuotas({ account, request }: Asked): ApiAnswer {
  const target = String(request.headers["x-amz-target"] ?? "");
  const action = target.replace("ServiceQuotasV20190624.", "");
  const asked = JSON.parse(request.body === "" ? "{}" : request.body) as {
    ServiceCode?: string;
    QuotaCode?: string;
  };
  if (!["GetServiceQuota", "GetAWSDefaultServiceQuota"].includes(action)) {
    throw new Refused(400, "UnknownOperationException", "");
  }
  const quota = QUOTAS[asked.QuotaCode ?? ""];
  const applied = quota && account.limits[quota.limit];
  const value = action === "GetServiceQuota" ? applied : quota?.usual;
  if (quota === undefined || quota.service !== asked.ServiceCode || value === undefined) {
    throw new Refused(
      400,
      "NoSuchResourceException",
      "The request failed because the specified service quota does not exist.",
    );
  }
  return json(200, {
    Quota: {
      ServiceCode: quota.service,
      QuotaCode: asked.QuotaCode,
      QuotaName: quota.name,
      Value: value,
      Unit: "None",
      Adjustable: true,
      GlobalQuota: false,
    },
  });
}
