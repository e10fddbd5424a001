import { PolicyPack } from "@pulumi/policy";
import { policies } from "./policies";

new PolicyPack("berth", { enforcementLevel: "mandatory", policies: [...policies] });
